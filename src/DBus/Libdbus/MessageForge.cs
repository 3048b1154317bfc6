using System;

namespace Spindle.DBus.Libdbus;

/// <summary>Makes libdbus's messages of whole marshalled ones.</summary>
/// <remarks>
/// libdbus validates a body value by value, which takes longer than all else that an answer costs (60 of 90 microseconds
/// for a service's properties). A client that asks again and again mostly gets the same answer: the last few long bodies
/// are kept as they were validated, and copied, with their header changed, when the very same octets are to be sent again.
/// </remarks>
internal sealed unsafe class MessageForge : IDisposable
{
    // Below this a copy costs about what validating does; above, memory is worth more than time.
    private const int BodyMin = 256;
    private const int BodyMax = 64 * 1024;
    private const int KeptMax = 4;

    private readonly Kept[] kept = new Kept[KeptMax];
    private int nextVictim;

    private struct Kept
    {
        public nint Message;
        public byte[] Body;
        public byte[] Signature;
    }

    /// <summary>A message that the caller owns, or 0 if there is no memory for it.</summary>
    /// <exception cref="InvalidOperationException">libdbus finds it invalid: our mistake.</exception>
    public nint Make(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < BodyMin || octets.Length > BodyMax
            || !BusMessageView.TryParse(octets, out BusMessageView view)
            || view.Kind != BusMessageKind.MethodReturn || view.Body.Length < BodyMin || view.Destination.IsEmpty)
        {
            return Demarshal(octets);
        }

        foreach (ref readonly Kept candidate in kept.AsSpan())
        {
            if (candidate.Message != 0 && view.Body.SequenceEqual(candidate.Body)
                && view.Signature.SequenceEqual(candidate.Signature))
            {
                return CopyOf(candidate.Message, view);
            }
        }

        nint message = Demarshal(octets);
        Keep(message, view);
        return message;
    }

    /// <summary>Forgets what is kept.</summary>
    public void Dispose()
    {
        foreach (ref Kept one in kept.AsSpan())
        {
            Drop(ref one);
        }
    }

    private static nint Demarshal(ReadOnlySpan<byte> octets)
    {
        NativeError error;
        Native.ErrorInit(&error);
        nint message;

        // Pinned during the call; libdbus copies.
        fixed (byte* start = octets)
        {
            message = Native.Demarshal(start, octets.Length, &error);
        }

        bool isInvalid = message == 0 && error.Name is not null && !IsNoMemory(error);
        string text = isInvalid ? error.Text : "";
        Native.ErrorFree(&error);
        return isInvalid ? throw new InvalidOperationException($"libdbus refuses our message: {text}") : message;
    }

    private static bool IsNoMemory(in NativeError error) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error.Name)
            .SequenceEqual("org.freedesktop.DBus.Error.NoMemory"u8);

    private static nint CopyOf(nint original, in BusMessageView view)
    {
        nint copy = Native.Copy(original);
        if (copy == 0)
        {
            return 0;
        }

        // The name ends in NUL; a name that the bus gave to a sender is valid and shorter than this.
        Span<byte> destination = stackalloc byte[BusNames.LengthMax + 1];
        view.Destination.CopyTo(destination);
        destination[view.Destination.Length] = 0;
        bool isGood;
        fixed (byte* name = destination)
        {
            isGood = Native.SetDestination(copy, name) != 0 && Native.SetReplySerial(copy, view.ReplySerial) != 0;
        }

        if (!isGood)
        {
            Native.UnrefMessage(copy);
            return 0;
        }

        Native.SetSerial(copy, view.Serial);
        return copy;
    }

    private void Keep(nint message, in BusMessageView view)
    {
        nint copy = message == 0 ? 0 : Native.Copy(message);
        if (copy == 0)
        {
            return;
        }

        ref Kept victim = ref kept[nextVictim];
        nextVictim = (nextVictim + 1) % KeptMax;
        Drop(ref victim);
        victim = new Kept { Message = copy, Body = view.Body.ToArray(), Signature = view.Signature.ToArray() };
    }

    private static void Drop(ref Kept one)
    {
        if (one.Message != 0)
        {
            Native.UnrefMessage(one.Message);
            one = default;
        }
    }
}
