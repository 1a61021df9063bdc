"""The console of hotline staff and nurse navigators: the vetted answer while the caller is still talking."""
