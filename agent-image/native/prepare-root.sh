#!/bin/sh
# Runs once, as root, while the image is built: makes the root folder what a sandbox with a read-only root and
# one of a thousand uids needs.
set -eu

# Limits that the kernel counts per uid reach across containers, so each job gets its own of these. A name for
# each lets os.userInfo(), whoami and git work.
seq 20000 20999 | awk '{ print "job" $1 ":x:" $1 ":" $1 "::/tmp:/bin/bash" }' >> /etc/passwd
seq 20000 20999 | awk '{ print "job" $1 ":x:" $1 ":" }' >> /etc/group

# Older runtimes give a tmpfs the mode of the folder under it (opencontainers/runc#3911).
install -d -m 0700 -o 20000 -g 20000 /workspace
rm -rf /var/tmp && ln -s /tmp /var/tmp

printf '[safe]\n\tdirectory = *\n[user]\n\tname = job\n\temail = job@localhost\n[init]\n\tdefaultBranch = main\n' \
  > /etc/gitconfig

# Nothing may gain rights by being run.
find / -xdev -perm /6000 -exec chmod a-s {} +

# The agent's program: the same file as /usr/local/bin/node, which nobody but root can read, so that it runs
# non-dumpable; one file serves both, as that costs a step's own node only its /proc/self/environ. The second name
# keeps `pkill -f node` off the agent.
ln -s /usr/local/bin/node /opt/longshore/agentd
