using System;

namespace Spindle.DBus;

/// <summary>The interfaces that the D-Bus specification lays down, for every object in a table.</summary>
/// <remarks>GetManagedObjects and its signals name interfaces with empty dictionaries, and leave the root out:
/// so does ConnMan, and its clients read properties from its own methods.</remarks>
internal static class StandardInterfaces
{
    public const string Introspectable = "org.freedesktop.DBus.Introspectable";
    public const string ObjectManager = "org.freedesktop.DBus.ObjectManager";
    public const string Properties = "org.freedesktop.DBus.Properties";
    public const string Peer = "org.freedesktop.DBus.Peer";

    /// <summary>Answers the call if it is for one of them.</summary>
    public static bool TryAnswer(ObjectTable table, BusCall call) => call.Interface switch
    {
        Introspectable => TryIntrospect(table, call),
        Peer => TryPeer(table, call),
        Properties => TryProperties(table, call),
        ObjectManager => TryManagedObjects(table, call),
        null => TryIntrospect(table, call) || TryManagedObjects(table, call) || TryProperties(table, call),
        _ => false,
    };

    /// <summary>Writes <c>a{sa{sv}}</c>: an object's interfaces.</summary>
    public static void WriteInterfaces(BusObject item, BusWriter writer)
    {
        writer.OpenArray();
        WriteEmpty(writer, Introspectable);
        foreach (BusInterface face in item.Interfaces)
        {
            WriteEmpty(writer, face.Name);
        }

        writer.CloseArray();
    }

    /// <summary>Writes <c>as</c>: an object's interfaces.</summary>
    public static void WriteInterfaceNames(BusObject item, BusWriter writer)
    {
        writer.OpenArray();
        writer.WriteString(Introspectable);
        foreach (BusInterface face in item.Interfaces)
        {
            writer.WriteString(face.Name);
        }

        writer.CloseArray();
    }

    private static void WriteEmpty(BusWriter writer, string face)
    {
        writer.OpenEntry();
        writer.WriteString(face);
        writer.OpenArray();
        writer.CloseArray();
        writer.CloseEntry();
    }

    // The reference implementation does not look at the arguments either.
    private static bool TryIntrospect(ObjectTable table, BusCall call)
    {
        if (call.Member != "Introspect")
        {
            return false;
        }

        call.SetOutSignature("s");
        call.Reply(Introspection.Describe(table, call.Path), static (xml, writer) => writer.WriteString(xml));
        return true;
    }

    private static bool TryPeer(ObjectTable table, BusCall call)
    {
        switch (call.Member)
        {
            case "Ping":
                call.Reply();
                break;
            case "GetMachineId":
                call.SetOutSignature("s");
                call.Reply(table.MachineId(), static (id, writer) => writer.WriteString(id));
                break;
            default:
                call.Error(BusErrors.UnknownMethod, "Unknown method invoked on org.freedesktop.DBus.Peer interface");
                break;
        }

        return true;
    }

    private static bool TryManagedObjects(ObjectTable table, BusCall call)
    {
        if (call.Member != "GetManagedObjects" || call.Path != "/" || call.Signature.Length > 0 || table.Find("/") is null)
        {
            return false;
        }

        call.SetOutSignature("a{oa{sa{sv}}}");
        call.Reply(table, static (objects, writer) =>
        {
            writer.OpenArray();
            foreach (BusObject item in objects.Objects)
            {
                if (item.Path != "/")
                {
                    writer.OpenEntry();
                    writer.WriteObjectPath(item.Path);
                    WriteInterfaces(item, writer);
                    writer.CloseEntry();
                }
            }

            writer.CloseArray();
        });
        return true;
    }

    private static bool TryProperties(ObjectTable table, BusCall call)
    {
        if (table.Find(call.Path) is not { HasProperties: true } target)
        {
            return false;
        }

        switch (call.Member, call.Signature)
        {
            case ("Get", "ss"):
                Get(target, call);
                return true;
            case ("GetAll", "s"):
                GetAll(target, call);
                return true;
            case ("Set", "ssv"):
                Set(target, call);
                return true;
            default:
                return false;
        }
    }

    private static void Get(BusObject target, BusCall call)
    {
        if (!TryFind(target, call, out BusInterface? face))
        {
            return;
        }

        call.Arguments[1].TryGetString(out string? name);
        if (face!.PropertiesWriter is null || !PropertyBag.Read(face, target.Target).TryGetEntry(name!, out BusValue? value))
        {
            call.Error(BusErrors.UnknownProperty, $"No property \"{name}\" on interface \"{face.Name}\"");
            return;
        }

        call.SetOutSignature("v");
        call.Reply(value, static (found, writer) => writer.WriteVariant(found));
    }

    private static void GetAll(BusObject target, BusCall call)
    {
        if (TryFind(target, call, out BusInterface? face))
        {
            call.SetOutSignature("a{sv}");
            call.Reply((face!.PropertiesWriter, target.Target), static (source, writer) =>
            {
                writer.OpenArray();
                source.PropertiesWriter?.Invoke(source.Target, writer);
                writer.CloseArray();
            });
        }
    }

    private static void Set(BusObject target, BusCall call)
    {
        if (!TryFind(target, call, out BusInterface? face))
        {
            return;
        }

        call.Arguments[1].TryGetString(out string? name);
        if (face!.PropertySetter is { } set)
        {
            set(target.Target, call, name!, call.Arguments[2].Content);
        }
        else
        {
            call.Error(BusErrors.PropertyReadOnly, $"Property \"{name}\" cannot be set");
        }
    }

    private static bool TryFind(BusObject target, BusCall call, out BusInterface? face)
    {
        call.Arguments[0].TryGetString(out string? name);
        face = target.Find(name!);
        if (face is null && name is not (Introspectable or Properties or Peer or ObjectManager))
        {
            call.Error(BusErrors.UnknownInterface, $"No interface \"{name}\"");
        }
        else if (face is null)
        {
            call.Error(BusErrors.UnknownProperty, $"Interface \"{name}\" has no properties");
        }

        return face is not null;
    }
}
