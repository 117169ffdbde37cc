"""What a running process does, a module a role: reading, posting, telling the terminal, and the web page.

Each role is a piece of work for `bot.jobs.holding`: it begins when this process has the role and ends when told to.
"""
