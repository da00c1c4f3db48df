"""What ``playground doctor`` looks at: each check is a function that gives findings, and none of them fails.

The doctor has to run where things are broken. So nothing here imports more than the standard library at its
top, and what could end the process (Qt above all) is tried in a process of its own.
"""
