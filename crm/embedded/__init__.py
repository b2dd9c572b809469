"""Engines and supervisor: what makes a bare machine run Setpoint. Outside the rungs of the house (D-13)."""
