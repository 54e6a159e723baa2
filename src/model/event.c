/* SPDX-License-Identifier: ISC */
#include "model/event.h"

const char *
verdict_name(enum lane_verdict v)
{
	static const char *const name[VERDICTS] = {
		[LANE_OK] = "ok", [LANE_RESCUED] = "rescued",
		[LANE_FAILED] = "failed", [LANE_CANCELLED] = "cancelled",
	};

	return name[v];
}
