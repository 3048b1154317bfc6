using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.DBus;

/// <summary>Introspection data (D-Bus specification, section "Introspection Data Format").</summary>
/// <remarks>Standard interfaces, attributes and their order are those that ConnMan's clients have seen.</remarks>
internal static class Introspection
{
    private const string Head =
        "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n"
        + "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n<node>\n";

    private const string Introspectable =
        "  <interface name=\"org.freedesktop.DBus.Introspectable\">\n"
        + "    <method name=\"Introspect\">\n      <arg name=\"xml\" type=\"s\" direction=\"out\"/>\n    </method>\n"
        + "  </interface>\n";

    private const string ObjectManager =
        "  <interface name=\"org.freedesktop.DBus.ObjectManager\">\n"
        + "    <method name=\"GetManagedObjects\">\n"
        + "      <arg name=\"objects\" type=\"a{oa{sa{sv}}}\" direction=\"out\"/>\n    </method>\n"
        + "    <signal name=\"InterfacesAdded\">\n      <arg name=\"object\" type=\"o\"/>\n"
        + "      <arg name=\"interfaces\" type=\"a{sa{sv}}\"/>\n    </signal>\n"
        + "    <signal name=\"InterfacesRemoved\">\n      <arg name=\"object\" type=\"o\"/>\n"
        + "      <arg name=\"interfaces\" type=\"as\"/>\n    </signal>\n"
        + "  </interface>\n";

    private const string Properties =
        "  <interface name=\"org.freedesktop.DBus.Properties\">\n"
        + "    <method name=\"Get\">\n      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
        + "      <arg name=\"name\" type=\"s\" direction=\"in\"/>\n"
        + "      <arg name=\"value\" type=\"v\" direction=\"out\"/>\n    </method>\n"
        + "    <method name=\"Set\">\n      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
        + "      <arg name=\"name\" type=\"s\" direction=\"in\"/>\n"
        + "      <arg name=\"value\" type=\"v\" direction=\"in\"/>\n    </method>\n"
        + "    <method name=\"GetAll\">\n      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
        + "      <arg name=\"properties\" type=\"a{sv}\" direction=\"out\"/>\n    </method>\n"
        + "    <signal name=\"PropertiesChanged\">\n      <arg name=\"interface\" type=\"s\"/>\n"
        + "      <arg name=\"changed\" type=\"a{sv}\"/>\n      <arg name=\"invalidated\" type=\"as\"/>\n    </signal>\n"
        + "  </interface>\n";

    /// <summary>The document for a path, whether an object is there or not.</summary>
    public static string Describe(ObjectTable table, string path)
    {
        StringBuilder xml = new(Head, 4096);
        if (table.Find(path) is BusObject target)
        {
            xml.Append(Introspectable);
            xml.Append(path == "/" ? ObjectManager : "");
            xml.Append(target.HasProperties ? Properties : "");
            foreach (BusInterface item in target.Interfaces)
            {
                Append(xml, item);
            }
        }

        foreach (string child in Children(table, path))
        {
            xml.Append("  <node name=\"").Append(child).Append("\"/>\n");
        }

        return xml.Append("</node>\n").ToString();
    }

    /// <summary>True if <paramref name="path"/> lies below <paramref name="parent"/>, at any depth.</summary>
    public static bool IsBelow(string path, string parent) => parent == "/"
        ? path.Length > 1
        : path.Length > parent.Length && path[parent.Length] == '/' && path.StartsWith(parent, StringComparison.Ordinal);

    private static SortedSet<string> Children(ObjectTable table, string path)
    {
        SortedSet<string> children = new(StringComparer.Ordinal);
        int at = path == "/" ? 1 : path.Length + 1;
        foreach (BusObject other in table.Objects)
        {
            if (IsBelow(other.Path, path))
            {
                int end = other.Path.IndexOf('/', at);
                children.Add(other.Path[at..(end < 0 ? other.Path.Length : end)]);
            }
        }

        return children;
    }

    private static void Append(StringBuilder xml, BusInterface item)
    {
        xml.Append("  <interface name=\"").Append(item.Name).Append("\">\n");
        foreach (BusMethod method in item.Methods)
        {
            Append(xml, method);
        }

        foreach (BusSignal signal in item.Signals)
        {
            xml.Append("    <signal name=\"").Append(signal.Name).Append("\">\n");
            Append(xml, signal.Arguments, areSignals: true);
            xml.Append("    </signal>\n");
        }

        foreach (BusProperty property in item.Properties)
        {
            xml.Append("    <property name=\"").Append(property.Name).Append("\" type=\"").Append(property.Signature)
                .Append("\" access=\"").Append(property.IsWritable ? "readwrite" : "read").Append("\"/>\n");
        }

        xml.Append("  </interface>\n");
    }

    private static void Append(StringBuilder xml, BusMethod method)
    {
        xml.Append("    <method name=\"").Append(method.Name).Append("\">\n");
        Append(xml, method.Arguments, areSignals: false);
        if ((method.Flags & BusMethodFlags.Deprecated) != 0)
        {
            xml.Append("      <annotation name=\"org.freedesktop.DBus.Deprecated\" value=\"true\"/>\n");
        }

        if ((method.Flags & BusMethodFlags.NoReply) != 0)
        {
            xml.Append("      <annotation name=\"org.freedesktop.DBus.Method.NoReply\" value=\"true\"/>\n");
        }

        xml.Append("    </method>\n");
    }

    private static void Append(StringBuilder xml, BusArgument[] arguments, bool areSignals)
    {
        foreach (BusArgument argument in arguments)
        {
            xml.Append("      <arg name=\"").Append(argument.Name).Append("\" type=\"").Append(argument.Signature);
            xml.Append(areSignals ? "" : argument.IsOut ? "\" direction=\"out" : "\" direction=\"in");
            xml.Append("\"/>\n");
        }
    }
}
