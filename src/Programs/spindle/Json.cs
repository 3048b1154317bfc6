using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary>Values of the bus as JSON: dictionaries are objects, variants what is in them, octets an array of numbers.</summary>
internal static class Json
{
    /// <summary>Prints one document and a new line.</summary>
    public static void Print(TextWriter output, bool isIndented, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    /// <summary>Writes the entries of a dictionary into an open object.</summary>
    public static void Entries(Utf8JsonWriter writer, BusValue dictionary)
    {
        foreach (BusValue entry in dictionary.Items)
        {
            writer.WritePropertyName(Key(entry.Items[0]));
            Value(writer, entry.Items[1]);
        }
    }

    public static void Value(Utf8JsonWriter writer, BusValue value)
    {
        BusValue inner = value.Content;
        switch (inner.Signature[0])
        {
            case 'a' when inner.Signature[1] == '{':
                writer.WriteStartObject();
                Entries(writer, inner);
                writer.WriteEndObject();
                break;
            case 'a' when inner.TryGetOctets(out ReadOnlyMemory<byte> octets):
                writer.WriteStartArray();
                foreach (byte octet in octets.Span)
                {
                    writer.WriteNumberValue(octet);
                }

                writer.WriteEndArray();
                break;
            case 'a' or '(':
                writer.WriteStartArray();
                foreach (BusValue item in inner.Items)
                {
                    Value(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                Basic(writer, inner);
                break;
        }
    }

    private static void Basic(Utf8JsonWriter writer, BusValue value)
    {
        if (value.TryGetString(out string? text) || value.TryGetObjectPath(out text))
        {
            writer.WriteStringValue(text);
        }
        else if (value.TryGetBoolean(out bool isSo))
        {
            writer.WriteBooleanValue(isSo);
        }
        else if (value.TryGetDouble(out double number) && !double.IsFinite(number))
        {
            writer.WriteNullValue();
        }
        else if (value.Signature == "g")
        {
            writer.WriteStringValue(value.ToString().Trim('\''));
        }
        else
        {
            writer.WriteRawValue(value.ToString());
        }
    }

    private static string Key(BusValue key) =>
        key.TryGetString(out string? text) || key.TryGetObjectPath(out text) ? text : key.ToString();
}
