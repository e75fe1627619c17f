"""The federation's plan as a whole: improved, or supposed otherwise; compared, then adopted or dropped."""
