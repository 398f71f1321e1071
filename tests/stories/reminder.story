# reminder
