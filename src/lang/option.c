/* SPDX-License-Identifier: ISC */
/*
 * Options of ssh: slips in their names, and those that would take away what
 * a run relies on.  A name that looks like none that is known may be one of
 * a newer ssh.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"
#include "lang/option.h"

static const char *const known[] = {
	"AddKeysToAgent", "AddressFamily", "BatchMode", "BindAddress",
	"BindInterface", "CASignatureAlgorithms", "CanonicalDomains",
	"CanonicalizeFallbackLocal", "CanonicalizeHostname",
	"CanonicalizeMaxDots", "CanonicalizePermittedCNAMEs",
	"CertificateFile", "ChannelTimeout", "CheckHostIP", "Ciphers",
	"ClearAllForwardings", "Compression", "ConnectTimeout",
	"ConnectionAttempts", "ControlMaster", "ControlPath",
	"ControlPersist", "DynamicForward", "EnableEscapeCommandline",
	"EnableSSHKeysign", "EscapeChar", "ExitOnForwardFailure",
	"FingerprintHash", "ForkAfterAuthentication", "ForwardAgent",
	"ForwardX11", "ForwardX11Timeout", "ForwardX11Trusted",
	"GSSAPIAuthentication", "GSSAPIDelegateCredentials", "GatewayPorts",
	"GlobalKnownHostsFile", "HashKnownHosts", "HostKeyAlgorithms",
	"HostKeyAlias", "Hostname", "HostbasedAcceptedAlgorithms",
	"HostbasedAuthentication", "IPQoS", "IdentitiesOnly",
	"IdentityAgent", "IdentityFile", "IgnoreUnknown", "Include",
	"KbdInteractiveAuthentication", "KbdInteractiveDevices",
	"KexAlgorithms", "KnownHostsCommand", "LocalCommand", "LocalForward",
	"LogLevel", "LogVerbose", "MACs", "NoHostAuthenticationForLocalhost",
	"NumberOfPasswordPrompts", "ObscureKeystrokeTiming",
	"PKCS11Provider", "PasswordAuthentication", "PermitLocalCommand",
	"PermitRemoteOpen", "Port", "PreferredAuthentications",
	"ProxyCommand", "ProxyJump", "ProxyUseFdpass",
	"PubkeyAcceptedAlgorithms", "PubkeyAuthentication", "RekeyLimit",
	"RemoteCommand", "RemoteForward", "RequestTTY", "RequiredRSASize",
	"RevokedHostKeys", "SecurityKeyProvider", "SendEnv",
	"ServerAliveCountMax", "ServerAliveInterval", "SessionType",
	"SetEnv", "StdinNull", "StreamLocalBindMask",
	"StreamLocalBindUnlink", "StrictHostKeyChecking", "SyslogFacility",
	"TCPKeepAlive", "Tag", "Tunnel", "TunnelDevice", "UpdateHostKeys",
	"User", "UserKnownHostsFile", "VerifyHostKeyDNS", "VisualHostKey",
	"XAuthLocation",
};

/* value NULL: whatever it is set to */
static const struct refused {
	const char *name, *value, *why;
} refused[] = {
	{ "ControlMaster", NULL, "pseq has a connection of its own for each "
	  "host" },
	{ "ControlPath", NULL, "pseq has a connection of its own for each "
	  "host" },
	{ "ControlPersist", NULL, "a connection is to end with its run" },
	{ "BatchMode", "no", "nobody is there to answer a question" },
	{ "StrictHostKeyChecking", NULL, "write host-keys = strict, or "
	  "accept-new; a host whose key has changed is never trusted" },
	{ "RemoteCommand", NULL, "the steps say what is run" },
	{ "LocalCommand", NULL, "a step `local` runs a command here" },
	{ "PermitLocalCommand", NULL, "a step `local` runs a command here" },
	{ "RequestTTY", NULL, "a terminal there would mix both streams" },
	{ "StdinNull", NULL, "commands get their standard input through it" },
	{ "ForkAfterAuthentication", NULL, "pseq waits for ssh, and ends it" },
	{ "SessionType", NULL, "the steps say what is run" },
	{ "LogLevel", NULL, "pseq reads from what ssh says why a connection "
	  "failed" },
	{ "EscapeChar", NULL, "what goes through must arrive as it is" },
	{ "Hostname", NULL, "write address =, in [host NAME]" },
	{ "User", NULL, "write user =" },
	{ "Port", NULL, "write port =" },
	{ "ConnectTimeout", NULL, "write connect-timeout =" },
	{ "ConnectionAttempts", NULL, "write connect-retry =" },
};

bool
option_name(struct loader *ld, const char *name, struct pos pos)
{
	struct near n = { 0 };
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) || name[i] & 0x80) {
			diag_error(&ld->diag, pos,
			    "'%s' is no name of an option of ssh", name);
			return false;
		}
	if (len == 0) {
		diag_error(&ld->diag, pos, "an option is NAME=VALUE");
		return false;
	}
	for (size_t i = 0; i < countof(known); i++) {
		if (!strcasecmp(known[i], name))
			return true;
		near_offer(&n, name, known[i]);
	}
	if (!n.best)
		return true;
	diag_error(&ld->diag, pos, "ssh has no option '%s'", name);
	diag_near(&ld->diag, &n);
	return false;
}

bool
option_fits(struct loader *ld, const struct contact_option *o, struct pos pos)
{
	const char *value = text_literal(&o->value);

	for (size_t i = 0; i < countof(refused); i++) {
		const struct refused *r = &refused[i];

		if (strcasecmp(r->name, o->name) != 0 ||
		    (r->value && value && strcasecmp(r->value, value) != 0))
			continue;
		diag_error(&ld->diag, pos, "option '%s' cannot be set here",
		    r->name);
		diag_note(&ld->diag, "%s", r->why);
		return false;
	}
	return true;
}
