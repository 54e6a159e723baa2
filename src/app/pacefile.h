/*
 * pacefile - how long the steps of a job took, kept from run to run
 *
 * The file `pace` beside the runs of a job.  It only helps to say how long a
 * run will still take, so what is wrong with it is never an error.
 */
#ifndef APP_PACEFILE_H
#define APP_PACEFILE_H

struct pace;

/* path: of the run's own directory, or NULL: there is none */
void pacefile_read(const char *path, struct pace *);
void pacefile_write(const char *path, struct pace *);

#endif
