"""The archive of a batch (评价档案): what the exam office keeps, in the five folders of the filing rules."""
