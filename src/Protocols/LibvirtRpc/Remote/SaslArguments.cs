namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Arguments of 68: the first step of SASL.</summary>
/// <param name="Mechanism">The mechanism that the client has chosen.</param>
/// <param name="Data">What the mechanism says; null is not the same as nothing.</param>
public readonly record struct SaslStartArguments(string Mechanism, byte[]? Data) : IXdrValue<SaslStartArguments>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out SaslStartArguments value)
    {
        if (!reader.TryReadString(out string mechanism) || !SaslStepArguments.TryReadData(ref reader, out byte[]? data))
        {
            value = default;
            return false;
        }

        value = new(mechanism, data);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Mechanism);
        SaslStepArguments.WriteData(writer, Data);
    }
}

/// <summary>Arguments of 69: a further step of SASL.</summary>
/// <param name="Data">What the mechanism says; null is not the same as nothing.</param>
public readonly record struct SaslStepArguments(byte[]? Data) : IXdrValue<SaslStepArguments>
{
    /// <summary>Most octets of one step.</summary>
    public const int DataMaximum = 65_536;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out SaslStepArguments value)
    {
        bool ok = TryReadData(ref reader, out byte[]? data);
        value = ok ? new(data) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => WriteData(writer, Data);

    // "Nil" says that there is no data, and a list of no characters follows nevertheless.
    internal static bool TryReadData(ref XdrReader reader, out byte[]? data)
    {
        data = null;
        if (!reader.TryReadBoolean(out bool isNil) || !reader.TryReadCount(DataMaximum, sizeof(uint), out int count))
        {
            return false;
        }

        byte[] characters = count == 0 ? [] : new byte[count];
        bool ok = reader.TryReadCharacters(characters);
        data = ok && !isNil ? characters : null;
        return ok;
    }

    internal static void WriteData(XdrWriter writer, byte[]? data)
    {
        writer.WriteBoolean(data is null);
        writer.WriteCount(data?.Length ?? 0, DataMaximum);
        writer.WriteCharacters(data);
    }
}

/// <summary>Result of 68 and 69.</summary>
/// <param name="IsComplete">Whether the client is believed.</param>
/// <param name="Data">What the mechanism says; null is not the same as nothing.</param>
public readonly record struct SaslResult(bool IsComplete, byte[]? Data) : IXdrValue<SaslResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out SaslResult value)
    {
        if (!reader.TryReadBoolean(out bool isComplete) || !SaslStepArguments.TryReadData(ref reader, out byte[]? data))
        {
            value = default;
            return false;
        }

        value = new(isComplete, data);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteBoolean(IsComplete);
        SaslStepArguments.WriteData(writer, Data);
    }
}
