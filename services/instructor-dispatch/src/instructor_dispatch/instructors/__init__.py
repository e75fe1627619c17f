"""Everybody who is sent: instructors and assessors, one person id each."""
