using System;
using Spindle.DBus;

namespace Spindle.Daemon.Bus;

/// <summary>Says that a property changed, in ConnMan's words and in those of org.freedesktop.DBus.</summary>
internal sealed class SignalSender(BusOutbox outbox)
{
    public BusOutbox Outbox => outbox;

    /// <summary>Tells one property's new value.</summary>
    /// <param name="path">The object.</param>
    /// <param name="interfaceName">Its interface.</param>
    /// <param name="property">The property.</param>
    /// <param name="state">Handed to <paramref name="value"/>.</param>
    /// <param name="value">Writes the variant.</param>
    public void PropertyChanged<TState>(
        string path, string interfaceName, string property, TState state, Action<TState, BusWriter> value)
    {
        outbox.Signal(path, interfaceName, "PropertyChanged", "sv", (property, state, value), static (it, writer) =>
        {
            writer.WriteString(it.property);
            it.value(it.state, writer);
        });
        outbox.Signal(
            path,
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            "sa{sv}as",
            (interfaceName, property, state, value),
            static (it, writer) =>
            {
                writer.WriteString(it.interfaceName);
                writer.OpenArray();
                writer.OpenEntry();
                writer.WriteString(it.property);
                it.value(it.state, writer);
                writer.CloseEntry();
                writer.CloseArray();
                writer.WriteStrings([]);
            });
    }

    public void PropertyChanged(string path, string interfaceName, string property, string value) =>
        PropertyChanged(path, interfaceName, property, value, static (text, writer) => writer.WriteVariant(text));

    public void PropertyChanged(string path, string interfaceName, string property, bool value) =>
        PropertyChanged(path, interfaceName, property, value, static (flag, writer) => writer.WriteVariant(flag));
}
