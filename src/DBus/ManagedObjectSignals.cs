namespace Spindle.DBus;

/// <summary>Tells of objects that come and go: org.freedesktop.DBus.ObjectManager on the root, if there is one.</summary>
internal sealed class ManagedObjectSignals
{
    private readonly BusConnection connection;
    private readonly ObjectTable objects;

    public ManagedObjectSignals(BusConnection connection, ObjectTable objects)
    {
        this.connection = connection;
        this.objects = objects;
        objects.Added += OnAdded;
        objects.Removed += OnRemoved;
    }

    public void Remove()
    {
        objects.Added -= OnAdded;
        objects.Removed -= OnRemoved;
    }

    private void OnAdded(BusObject added)
    {
        if (objects.Find("/") is not null)
        {
            connection.Signal("/", StandardInterfaces.ObjectManager, "InterfacesAdded", "oa{sa{sv}}", added, static (item, writer) =>
            {
                writer.WriteObjectPath(item.Path);
                StandardInterfaces.WriteInterfaces(item, writer);
            });
        }
    }

    private void OnRemoved(BusObject removed)
    {
        if (objects.Find("/") is not null)
        {
            connection.Signal("/", StandardInterfaces.ObjectManager, "InterfacesRemoved", "oas", removed, static (item, writer) =>
            {
                writer.WriteObjectPath(item.Path);
                StandardInterfaces.WriteInterfaceNames(item, writer);
            });
        }
    }
}
