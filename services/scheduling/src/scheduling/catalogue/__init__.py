"""What can be taught: course units as the programme files list them."""
