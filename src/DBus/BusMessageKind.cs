using System;

namespace Spindle.DBus;

/// <summary>Kinds of messages (D-Bus specification, section "Message Types").</summary>
public enum BusMessageKind : byte
{
    /// <summary>Not a message.</summary>
    Invalid = 0,

    /// <summary>Asks for something.</summary>
    MethodCall = 1,

    /// <summary>The answer to a call.</summary>
    MethodReturn = 2,

    /// <summary>The answer to a call that failed.</summary>
    Error = 3,

    /// <summary>Told to all who listen.</summary>
    Signal = 4,
}

/// <summary>Flags of a message (D-Bus specification, section "Header Format").</summary>
[Flags]
public enum BusMessageFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The caller does not want an answer, not even an error.</summary>
    NoReplyExpected = 1,

    /// <summary>The bus must not start a program for it.</summary>
    NoAutoStart = 2,

    /// <summary>The caller is ready to wait while a person is asked.</summary>
    AllowInteractiveAuthorization = 4,
}
