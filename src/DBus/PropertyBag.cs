namespace Spindle.DBus;

/// <summary>All properties of an interface of an object as a value, read back from what it writes.</summary>
internal static class PropertyBag
{
    public static BusValue Read(BusInterface face, object target)
    {
        BusWriter writer = new();
        writer.Begin(new BusHeader { Kind = BusMessageKind.MethodReturn, Serial = 1, ReplySerial = 1, Signature = "a{sv}" });
        writer.OpenArray();
        face.PropertiesWriter!(target, writer);
        writer.CloseArray();
        BusMessageView.TryParse(writer.Finish(), out BusMessageView view);
        return view.TryReadBody(int.MaxValue, out BusValue[] values)
            ? values[0]
            : throw new System.InvalidOperationException("What we wrote cannot be read.");
    }
}
