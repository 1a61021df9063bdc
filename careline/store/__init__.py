"""Where conversations are kept: one interface (`base.Store`), one implementation a module."""
