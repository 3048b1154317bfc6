using System;
using System.Globalization;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Why a call failed, as a client reads it (reference: <c>virNetMessageError</c>).</summary>
/// <param name="Code">What went wrong.</param>
/// <param name="Domain">Who says so.</param>
/// <param name="Message">The sentence that a person reads.</param>
/// <param name="Text1">By libvirt's habit the pattern that the sentence was made from.</param>
/// <param name="Text2">By libvirt's habit what was put into the pattern.</param>
/// <param name="Text3">More of it, if any.</param>
/// <param name="Number1">A number that some errors have; -1 for most.</param>
/// <param name="Number2">A number that some errors have; -1 for most.</param>
public sealed record RpcError(
    RpcErrorCode Code, RpcErrorDomain Domain, string? Message, string? Text1 = null, string? Text2 = null, string? Text3 = null,
    int Number1 = -1, int Number2 = -1)
{
    /// <summary>
    /// Most octets of one text on the wire. Far below <see cref="RpcFrame.StringMaximum"/>, so that an error that quotes what a client
    /// sent can always be sent; libvirtd drops a client whose name of 4 MiB it would have to quote.
    /// </summary>
    public const int TextMaximum = 64 * 1024;

    /// <summary>How bad it is: always an error, never a warning.</summary>
    private const int LevelError = 2;

    /// <summary>There is no such procedure. A client takes exactly this for "not supported" and tries another way.</summary>
    public static RpcError UnknownProcedure(int procedure) => Protocol(Invariant($"unknown procedure: {procedure}"));

    /// <summary>There is no such program, or not in this version.</summary>
    public static RpcError CannotFindProgram(uint program, uint version)
    {
        // libvirt prints both with a sign.
        return Protocol(Invariant($"Cannot find program {(int)program} version {(int)version}"));
    }

    /// <summary>A call must have the status OK.</summary>
    public static RpcError UnexpectedStatus(RpcStatus status) => Protocol(Invariant($"Unexpected message status {(uint)status}"));

    /// <summary>The arguments are too short, or something in them is too long.</summary>
    public static RpcError UndecodablePayload { get; } = Protocol("Unable to decode message payload");

    /// <summary>The result is more than a message may hold.</summary>
    public static RpcError UnencodablePayload { get; } = Protocol("Unable to encode message payload");

    /// <summary>The client has to authenticate before this.</summary>
    public static RpcError AuthenticationRequired { get; } = Protocol("authentication required");

    /// <summary>The client is not who it should be; why is for the log alone.</summary>
    public static RpcError AuthenticationFailed { get; } =
        Formatted(RpcErrorCode.AuthenticationFailed, RpcErrorDomain.Rpc, "authentication failed: %s", "authentication failed");

    /// <summary>PolicyKit says no.</summary>
    public static RpcError DeniedByPolicy { get; } =
        Formatted(RpcErrorCode.AuthenticationFailed, RpcErrorDomain.Polkit, "authentication failed: %s", "access denied by policy");

    /// <summary>Somebody was asked for a password, and did not want to give one.</summary>
    public static RpcError AuthenticationCancelled { get; } = Formatted(
        RpcErrorCode.AuthenticationCancelled, RpcErrorDomain.Polkit, "authentication cancelled: %s", "user cancelled authentication process");

    /// <summary>PolicyKit wants a password, and there is nobody to ask for it. virsh then brings its own agent, and tries again.</summary>
    public static RpcError NoPolicyKitAgent(string action) => Formatted(
        RpcErrorCode.AuthenticationUnavailable, RpcErrorDomain.Polkit, "authentication unavailable: %s",
        $"no polkit agent available to authenticate action '{action}'");

    /// <summary>A service on the bus could not be asked.</summary>
    public static RpcError BusService(string detail) =>
        Formatted(RpcErrorCode.DbusService, RpcErrorDomain.Dbus, "error from service: %s", detail);

    /// <summary>Nothing was opened yet.</summary>
    public static RpcError ConnectionNotOpen { get; } = Internal("connection not open");

    /// <summary>A connection is opened once.</summary>
    public static RpcError ConnectionAlreadyOpen { get; } = Internal("connection already open");

    /// <summary>Not on a read-only connection.</summary>
    /// <param name="function">Name of the function in libvirt's library: <c>virInterfaceCreate</c>.</param>
    public static RpcError ReadOnly(string function)
    {
        return Formatted(RpcErrorCode.OperationDenied, RpcErrorDomain.Interface,
            "operation forbidden: %s", $"read only access prevents {function}");
    }

    /// <summary>No interface has this name.</summary>
    public static RpcError InterfaceNotFound(string name)
    {
        return Formatted(RpcErrorCode.NoInterface, RpcErrorDomain.Interface,
            "Interface not found: %s", $"couldn't find interface named '{name}'");
    }

    /// <summary>No node device has this name.</summary>
    public static RpcError NodeDeviceNotFound(string name)
    {
        return Formatted(RpcErrorCode.NoNodeDevice, RpcErrorDomain.NodeDevice,
            "Node device not found: %s", $"no node device with matching name '{name}'");
    }

    /// <summary>Not in the state that it is in; <paramref name="detail"/> says why, or nothing does.</summary>
    public static RpcError OperationInvalid(RpcErrorDomain domain, string? detail = null)
    {
        const string Sentence = "Requested operation is not valid";
        return detail is null
            ? new(RpcErrorCode.OperationInvalid, domain, Sentence, Sentence)
            : Formatted(RpcErrorCode.OperationInvalid, domain, $"{Sentence}: %s", detail);
    }

    /// <summary>The XML says something that makes no sense.</summary>
    public static RpcError XmlError(string detail) => Formatted(RpcErrorCode.XmlError, RpcErrorDomain.Xml, "XML error: %s", detail);

    /// <summary>An argument is wrong.</summary>
    public static RpcError InvalidArgument(RpcErrorDomain domain, string detail)
    {
        return Formatted(RpcErrorCode.InvalidArgument, domain, "invalid argument: %s", detail);
    }

    /// <summary>Flags that a function does not know.</summary>
    public static RpcError UnsupportedFlags(RpcErrorDomain domain, string function, uint flags)
    {
        return new(RpcErrorCode.InvalidArgument, domain, Invariant($"unsupported flags (0x{flags:x}) in function {function}"),
            function, "flags", null, 0, 0);
    }

    /// <summary>No server has this name.</summary>
    public static RpcError ServerNotFound(string name)
    {
        return Formatted(RpcErrorCode.NoServer, RpcErrorDomain.Rpc, "Server not found: %s", $"No server named '{name}'");
    }

    /// <summary>No client has this number.</summary>
    public static RpcError ClientNotFound(ulong id)
    {
        return Formatted(RpcErrorCode.NoClient, RpcErrorDomain.Rpc,
            "Client not found: %s", Invariant($"No client with matching ID '{id}'"));
    }

    /// <summary>The protocol was not kept, or not by what we know of it.</summary>
    public static RpcError Protocol(string message) => new(RpcErrorCode.Rpc, RpcErrorDomain.Rpc, message, "%s", message);

    /// <summary>A fault that is not the client's.</summary>
    public static RpcError Internal(string detail)
    {
        return Formatted(RpcErrorCode.InternalError, RpcErrorDomain.Rpc, "internal error: %s", detail);
    }

    /// <summary>By libvirt's habit: the sentence, its pattern and what was put into it.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="domain">Who says so.</param>
    /// <param name="pattern">A sentence with one <c>%s</c> in it.</param>
    /// <param name="detail">What stands in the place of the <c>%s</c>.</param>
    public static RpcError Formatted(RpcErrorCode code, RpcErrorDomain domain, string pattern, string detail)
    {
        return new(code, domain, pattern.Replace("%s", detail, StringComparison.Ordinal), pattern, detail);
    }

    /// <summary>Reads the payload of an answer whose status is <see cref="RpcStatus.Error"/>.</summary>
    /// <remarks>Which domain or network an error is about is read over: interfaces have neither.</remarks>
    public static bool TryRead(ref XdrReader reader, out RpcError? error)
    {
        error = null;
        if (!reader.TryReadInt32(out int code) || !reader.TryReadInt32(out int domain)
            || !reader.TryReadOptionalString(out string? message) || !reader.TryReadInt32(out _)
            || !TrySkipGuest(ref reader, hasId: true)
            || !reader.TryReadOptionalString(out string? text1) || !reader.TryReadOptionalString(out string? text2)
            || !reader.TryReadOptionalString(out string? text3)
            || !reader.TryReadInt32(out int number1) || !reader.TryReadInt32(out int number2)
            || !TrySkipGuest(ref reader, hasId: false))
        {
            return false;
        }

        error = new((RpcErrorCode)code, (RpcErrorDomain)domain, message, text1, text2, text3, number1, number2);
        return true;
    }

    /// <summary>Writes the payload of an answer whose status is <see cref="RpcStatus.Error"/>.</summary>
    public void Write(XdrWriter writer)
    {
        writer.WriteInt32((int)Code);
        writer.WriteInt32((int)Domain);
        WriteText(writer, Message);
        writer.WriteInt32(LevelError);
        writer.WriteOptional(false);
        WriteText(writer, Text1);
        WriteText(writer, Text2);
        WriteText(writer, Text3);
        writer.WriteInt32(Number1);
        writer.WriteInt32(Number2);
        writer.WriteOptional(false);
    }

    // Cut where it is too long, and never between the halves of a pair. A character takes three octets at most.
    private static void WriteText(XdrWriter writer, string? text)
    {
        const int CharactersMax = TextMaximum / 3;
        if (text is not null && text.Length > CharactersMax)
        {
            int end = char.IsHighSurrogate(text[CharactersMax - 1]) ? CharactersMax - 1 : CharactersMax;
            text = text[..end];
        }

        writer.WriteOptionalString(text);
    }

    // A domain is a name, a UUID and a number; a network is a name and a UUID.
    private static bool TrySkipGuest(ref XdrReader reader, bool hasId)
    {
        const int UuidSize = 16;
        return reader.TryReadOptional(out bool isPresent)
            && (!isPresent || (reader.TryReadOpaque(RpcFrame.StringMaximum, out _) && reader.TryReadFixedOpaque(UuidSize, out _)
                && (!hasId || reader.TryReadInt32(out _))));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
