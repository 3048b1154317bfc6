/* What sd-event.c uses of libsystemd's stable ABI, so that no -dev package is needed to measure. */
typedef struct sd_event sd_event;
typedef struct sd_event_source sd_event_source;
typedef int (*sd_event_io_handler)(sd_event_source *, int fd, uint32_t events, void *data);
typedef int (*sd_event_time_handler)(sd_event_source *, uint64_t at_us, void *data);
enum { SD_EVENT_OFF = 0, SD_EVENT_ON = 1, SD_EVENT_ONESHOT = -1 };

int sd_event_new(sd_event **);
int sd_event_run(sd_event *, uint64_t timeout_us);
int sd_event_add_io(sd_event *, sd_event_source **, int fd, uint32_t events, sd_event_io_handler, void *data);
int sd_event_add_time(sd_event *, sd_event_source **, clockid_t, uint64_t at_us, uint64_t accuracy_us, sd_event_time_handler, void *data);
int sd_event_source_set_time(sd_event_source *, uint64_t at_us);
int sd_event_source_set_enabled(sd_event_source *, int enabled);
