"""The observation frame: what is known about projects and KPIs on a day, dense and sorted."""
