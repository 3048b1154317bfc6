/* What libuv.c uses of libuv 1.x's stable ABI, so that no -dev package is needed to measure. */
typedef struct uv_loop_s uv_loop_t;
typedef struct { void *data; } uv_handle_t; /* the first word of every handle is its owner's; sizes come from uv_handle_size */
typedef struct { char *base; size_t len; } uv_buf_t;
typedef void (*uv_callback)(uv_handle_t *);
typedef void (*uv_poll_callback)(uv_handle_t *, int status, int events);
typedef void (*uv_connection_callback)(uv_handle_t *server, int status);
typedef void (*uv_allocate_callback)(uv_handle_t *, size_t suggested, uv_buf_t *);
typedef void (*uv_read_callback)(uv_handle_t *, ssize_t length, const uv_buf_t *);

enum { UV_ASYNC = 1, UV_POLL = 8, UV_TCP = 12, UV_TIMER = 13 }; /* uv_handle_type */
enum { UV_READABLE = 1, UV_RUN_DEFAULT = 0 };

size_t uv_loop_size(void);
size_t uv_handle_size(int type);
int uv_loop_init(uv_loop_t *);
int uv_run(uv_loop_t *, int mode);
void uv_stop(uv_loop_t *);
uint64_t uv_now(const uv_loop_t *);
void uv_update_time(uv_loop_t *);
int uv_poll_init(uv_loop_t *, uv_handle_t *, int fd);
int uv_poll_start(uv_handle_t *, int events, uv_poll_callback);
int uv_timer_init(uv_loop_t *, uv_handle_t *);
int uv_timer_start(uv_handle_t *, uv_callback, uint64_t timeout_ms, uint64_t repeat_ms);
int uv_async_init(uv_loop_t *, uv_handle_t *, uv_callback);
int uv_async_send(uv_handle_t *);
int uv_tcp_init(uv_loop_t *, uv_handle_t *);
int uv_tcp_open(uv_handle_t *, int fd);
int uv_tcp_nodelay(uv_handle_t *, int on);
int uv_listen(uv_handle_t *, int backlog, uv_connection_callback);
int uv_accept(uv_handle_t *server, uv_handle_t *client);
int uv_read_start(uv_handle_t *, uv_allocate_callback, uv_read_callback);
int uv_try_write(uv_handle_t *, const uv_buf_t *, unsigned count);
void uv_close(uv_handle_t *, uv_callback);
const char *uv_version_string(void);
