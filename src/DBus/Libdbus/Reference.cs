using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.DBus.Libdbus;

/// <summary>What the reference implementation makes of octets: tests and fuzzing hold our own reading against it.</summary>
public static unsafe class Reference
{
    /// <summary>What a text may be checked as.</summary>
    public enum Form
    {
        /// <summary>Zero or more complete types.</summary>
        Signature,

        /// <summary>An object path.</summary>
        Path,

        /// <summary>An interface's name.</summary>
        Interface,

        /// <summary>A member's name.</summary>
        Member,

        /// <summary>A unique or well-known name.</summary>
        BusName,

        /// <summary>Any text.</summary>
        Text,
    }

    /// <summary>Reads a message and writes it again.</summary>
    /// <returns>False if it is invalid.</returns>
    public static bool TryRoundTrip(ReadOnlySpan<byte> message, [NotNullWhen(true)] out byte[]? again)
    {
        again = null;
        if (message.IsEmpty)
        {
            // An empty span is pinned as null, at which libdbus ends the process.
            return false;
        }

        NativeError error;
        Native.ErrorInit(&error);
        nint read;

        // Pinned during the call; libdbus copies.
        fixed (byte* start = message)
        {
            read = Native.Demarshal(start, message.Length, &error);
        }

        Native.ErrorFree(&error);
        if (read == 0)
        {
            return false;
        }

        byte* octets;
        int length;
        if (Native.Marshal(read, &octets, &length) != 0)
        {
            again = new ReadOnlySpan<byte>(octets, length).ToArray();
            Native.Free(octets);
        }

        Native.UnrefMessage(read);
        return again is not null;
    }

    /// <summary>Checks a text without NUL.</summary>
    public static bool IsValid(Form form, ReadOnlySpan<byte> text)
    {
        byte[] terminated = [.. text, 0];

        // Pinned during the call, which keeps nothing; no error is asked for, so none is to be freed.
        fixed (byte* start = terminated)
        {
            return 0 != form switch
            {
                Form.Signature => Native.ValidateSignature(start, null),
                Form.Path => Native.ValidatePath(start, null),
                Form.Interface => Native.ValidateInterface(start, null),
                Form.Member => Native.ValidateMember(start, null),
                Form.BusName => Native.ValidateBusName(start, null),
                Form.Text => Native.ValidateUtf8(start, null),
            };
        }
    }
}
