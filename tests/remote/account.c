/*
 * account - an account of its own for each host of the test bed
 *
 * Loaded into sshd with LD_PRELOAD.  The account BED_USER, and the one that
 * started the bed, have the home and the login shell that the environment
 * says, whatever /etc/passwd knows; other names do not exist.  So every host
 * has files of its own, and any program can be the login shell.
 */
#include <dlfcn.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

static struct passwd account;

static struct passwd *
known(const char *name)
{
	static struct passwd *(*real)(const char *);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "getpwnam");
	return real(name);
}

/* sshd's own account is the system's: the one it drops its privileges to */
struct passwd *
getpwnam(const char *name)
{
	const char *user = getenv("BED_USER"), *me = getenv("BED_ME");

	if (user == NULL || me == NULL || strcmp(name, "sshd") == 0)
		return known(name);
	if (strcmp(name, user) != 0 && strcmp(name, me) != 0)
		return NULL;
	account.pw_name = strdup(name);
	account.pw_passwd = (char *)"*";
	account.pw_gecos = (char *)"";
	account.pw_uid = (uid_t)atoi(getenv("BED_UID"));
	account.pw_gid = (gid_t)atoi(getenv("BED_GID"));
	account.pw_dir = getenv("BED_HOME");
	account.pw_shell = getenv("BED_SHELL");
	return &account;
}
