"""What editors may do at the desk; who may is asked at each act, in ``dispatch``."""
