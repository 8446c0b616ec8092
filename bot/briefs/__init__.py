"""The writing desk: stories come in, briefs go out; called by the jobs and the commands. Pure."""
