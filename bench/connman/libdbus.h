/* What observer.c uses of libdbus-1's stable ABI, so that no -dev package is needed to measure. */
typedef struct DBusConnection DBusConnection;
typedef struct DBusMessage DBusMessage;
typedef struct { void *room[16]; } DBusMessageIter; /* the library's own is 14 words at most */
typedef struct { const char *name, *message; void *room[4]; } DBusError;
typedef unsigned dbus_bool_t;

enum { DBUS_BUS_SYSTEM = 1, DBUS_TYPE_ARRAY = 'a', DBUS_TYPE_STRING = 's', DBUS_TYPE_DICT_ENTRY = 'e', FALSE = 0 };

void dbus_error_init(DBusError *);
dbus_bool_t dbus_error_is_set(const DBusError *);
DBusConnection *dbus_bus_get_private(int type, DBusError *);
void dbus_bus_add_match(DBusConnection *, const char *rule, DBusError *);
void dbus_connection_set_exit_on_disconnect(DBusConnection *, dbus_bool_t);
DBusMessage *dbus_connection_pop_message(DBusConnection *);
dbus_bool_t dbus_connection_read_write(DBusConnection *, int timeout_ms);
DBusMessage *dbus_connection_send_with_reply_and_block(DBusConnection *, DBusMessage *, int timeout_ms, DBusError *);
DBusMessage *dbus_message_new_method_call(const char *destination, const char *path, const char *interface, const char *method);
void dbus_message_unref(DBusMessage *);
dbus_bool_t dbus_message_is_signal(DBusMessage *, const char *interface, const char *name);
dbus_bool_t dbus_message_iter_init(DBusMessage *, DBusMessageIter *);
dbus_bool_t dbus_message_iter_next(DBusMessageIter *);
int dbus_message_iter_get_arg_type(DBusMessageIter *);
void dbus_message_iter_get_basic(DBusMessageIter *, void *value);
void dbus_message_iter_recurse(DBusMessageIter *, DBusMessageIter *inside);
