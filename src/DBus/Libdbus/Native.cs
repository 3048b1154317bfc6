using System.Runtime.InteropServices;

[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace Spindle.DBus.Libdbus;

/// <summary>The functions of libdbus-1 (1.10 or later) that we use. All of them return at once, but for
/// <see cref="OpenPrivate"/>, which waits while the bus's queue of connections is full, and <see cref="ReadWrite"/>.</summary>
internal static unsafe class Native
{
    private const string Library = "libdbus-1.so.3";

    public const int WatchReadable = 1;
    public const int WatchWritable = 2;
    public const int WatchError = 4;
    public const int WatchHangUp = 8;

    /// <summary>DBUS_DISPATCH_DATA_REMAINS.</summary>
    public const int DataRemains = 0;

    [DllImport(Library, EntryPoint = "dbus_error_init")]
    public static extern void ErrorInit(NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_error_free")]
    public static extern void ErrorFree(NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_free")]
    public static extern void Free(void* memory);

    [DllImport(Library, EntryPoint = "dbus_connection_open_private")]
    public static extern nint OpenPrivate(byte* address, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_connection_close")]
    public static extern void Close(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_unref")]
    public static extern void Unref(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_get_is_connected")]
    public static extern uint IsConnected(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_get_is_authenticated")]
    public static extern uint IsAuthenticated(nint connection);

    /// <summary>Reads and writes once, waiting up to so many milliseconds for the socket; 0: disconnected.</summary>
    [DllImport(Library, EntryPoint = "dbus_connection_read_write")]
    public static extern uint ReadWrite(nint connection, int milliseconds);

    [DllImport(Library, EntryPoint = "dbus_connection_set_exit_on_disconnect")]
    public static extern void SetExitOnDisconnect(nint connection, uint isOn);

    [DllImport(Library, EntryPoint = "dbus_connection_get_outgoing_size")]
    public static extern nint OutgoingSize(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_send")]
    public static extern uint Send(nint connection, nint message, uint* serial);

    [DllImport(Library, EntryPoint = "dbus_connection_pop_message")]
    public static extern nint PopMessage(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_get_dispatch_status")]
    public static extern int DispatchStatus(nint connection);

    [DllImport(Library, EntryPoint = "dbus_connection_set_watch_functions")]
    public static extern uint SetWatchFunctions(
        nint connection,
        delegate* unmanaged[Cdecl]<nint, nint, uint> add,
        delegate* unmanaged[Cdecl]<nint, nint, void> remove,
        delegate* unmanaged[Cdecl]<nint, nint, void> toggled,
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [DllImport(Library, EntryPoint = "dbus_connection_set_timeout_functions")]
    public static extern uint SetTimeoutFunctions(
        nint connection,
        delegate* unmanaged[Cdecl]<nint, nint, uint> add,
        delegate* unmanaged[Cdecl]<nint, nint, void> remove,
        delegate* unmanaged[Cdecl]<nint, nint, void> toggled,
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [DllImport(Library, EntryPoint = "dbus_connection_set_dispatch_status_function")]
    public static extern void SetDispatchStatusFunction(
        nint connection,
        delegate* unmanaged[Cdecl]<nint, int, nint, void> function,
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [DllImport(Library, EntryPoint = "dbus_watch_get_unix_fd")]
    public static extern int WatchFd(nint watch);

    [DllImport(Library, EntryPoint = "dbus_watch_get_flags")]
    public static extern uint WatchFlags(nint watch);

    [DllImport(Library, EntryPoint = "dbus_watch_get_enabled")]
    public static extern uint WatchEnabled(nint watch);

    [DllImport(Library, EntryPoint = "dbus_watch_handle")]
    public static extern uint WatchHandle(nint watch, uint flags);

    [DllImport(Library, EntryPoint = "dbus_timeout_get_interval")]
    public static extern int TimeoutInterval(nint timeout);

    [DllImport(Library, EntryPoint = "dbus_timeout_get_enabled")]
    public static extern uint TimeoutEnabled(nint timeout);

    [DllImport(Library, EntryPoint = "dbus_timeout_handle")]
    public static extern uint TimeoutHandle(nint timeout);

    [DllImport(Library, EntryPoint = "dbus_message_marshal")]
    public static extern uint Marshal(nint message, byte** octets, int* length);

    [DllImport(Library, EntryPoint = "dbus_message_demarshal")]
    public static extern nint Demarshal(byte* octets, int length, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_message_copy")]
    public static extern nint Copy(nint message);

    [DllImport(Library, EntryPoint = "dbus_message_set_serial")]
    public static extern void SetSerial(nint message, uint serial);

    [DllImport(Library, EntryPoint = "dbus_message_set_reply_serial")]
    public static extern uint SetReplySerial(nint message, uint serial);

    [DllImport(Library, EntryPoint = "dbus_message_set_destination")]
    public static extern uint SetDestination(nint message, byte* name);

    [DllImport(Library, EntryPoint = "dbus_signature_validate")]
    public static extern uint ValidateSignature(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_validate_path")]
    public static extern uint ValidatePath(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_validate_interface")]
    public static extern uint ValidateInterface(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_validate_member")]
    public static extern uint ValidateMember(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_validate_bus_name")]
    public static extern uint ValidateBusName(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_validate_utf8")]
    public static extern uint ValidateUtf8(byte* text, NativeError* error);

    [DllImport(Library, EntryPoint = "dbus_message_unref")]
    public static extern void UnrefMessage(nint message);
}

/// <summary><c>DBusError</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeError
{
    public byte* Name;
    public byte* Message;
    private readonly uint bits;
    private readonly nint padding;

    public readonly string Text => Message is null
        ? "no reason given"
        : System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)Message)!;
}
