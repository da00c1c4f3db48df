"""Building blocks of the panels that know nothing of Flask projects."""
