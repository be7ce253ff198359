"""How cost grows with size: families of scenarios, measured point by point."""
