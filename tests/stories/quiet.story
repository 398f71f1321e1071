# quiet
