"""The union's watch over dispatch: who is asked, what nobody can come to, and somebody who fell ill this morning."""
