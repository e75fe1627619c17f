"""Files of tables that people send: Excel and CSV, looked through before anything is made of them."""
