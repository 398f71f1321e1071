# poll
