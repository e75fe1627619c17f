"""What every service of Songjiao does alike."""
