using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>Our objects by path. It answers calls, and knows nothing of how they come and go.</summary>
/// <param name="machineId">Gives this machine's id for org.freedesktop.DBus.Peer: 32 hexadecimal digits.</param>
public sealed class ObjectTable(Func<string> machineId)
{
    /// <summary>The most values that one call may carry, containers and all; more is refused with LimitsExceeded.</summary>
    public const int ArgumentCountMax = 16_384;

    /// <summary>The most octets in the body of one call; more is refused with LimitsExceeded.</summary>
    public const int ArgumentSizeMax = 1024 * 1024;

    private readonly SortedDictionary<string, BusObject> objects = new(StringComparer.Ordinal);

    /// <summary>An object came.</summary>
    public event Action<BusObject>? Added;

    /// <summary>An object went.</summary>
    public event Action<BusObject>? Removed;

    /// <summary>All objects, ordered by path.</summary>
    public IReadOnlyCollection<BusObject> Objects => objects.Values;

    /// <summary>Calls refused because they were too big or their body was not what its signature says.</summary>
    public long RefusedCalls { get; private set; }

    /// <summary>Adds an object.</summary>
    /// <param name="path">Where; free until now.</param>
    /// <param name="target">What handlers get.</param>
    /// <param name="interfaces">What it has beside the standard interfaces.</param>
    public BusObject Add(string path, object target, params ReadOnlySpan<BusInterface> interfaces)
    {
        if (!BusNames.IsObjectPath(path))
        {
            throw new ArgumentException($"'{path}' is not an object path.", nameof(path));
        }

        foreach (BusInterface item in interfaces)
        {
            item.CheckTarget(target);
        }

        BusObject added = new(path, target, interfaces);
        objects.Add(path, added);
        Added?.Invoke(added);
        return added;
    }

    /// <summary>Removes an object. False if there is none.</summary>
    public bool Remove(string path)
    {
        if (!objects.Remove(path, out BusObject? removed))
        {
            return false;
        }

        Removed?.Invoke(removed);
        return true;
    }

    /// <summary>The object at a path, or null.</summary>
    public BusObject? Find(string path) => objects.GetValueOrDefault(path);

    /// <summary>True if there is an object at the path or below it.</summary>
    public bool IsKnown(string path)
    {
        if (objects.ContainsKey(path))
        {
            return true;
        }

        foreach (string other in objects.Keys)
        {
            if (Introspection.IsBelow(other, path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Answers a method call, or hands it to the method that will.</summary>
    public void Dispatch(in BusMessageView message, BusOutbox outbox)
    {
        BusValue[] arguments = [];
        bool isGood = message.Body.Length <= ArgumentSizeMax && message.TryReadBody(ArgumentCountMax, out arguments);
        BusCall call = new(outbox, message, arguments);
        if (!isGood)
        {
            RefusedCalls++;
            call.Error(BusErrors.LimitsExceeded, "The arguments cannot be read, or are too many.");
        }
        else if (!TryObject(call) && !StandardInterfaces.TryAnswer(this, call))
        {
            call.Error(
                IsKnown(call.Path) ? BusErrors.UnknownMethod : BusErrors.UnknownObject,
                $"Method \"{call.Member}\" with signature \"{call.Signature}\" on interface "
                + $"\"{call.Interface ?? "(null)"}\" doesn't exist\n");
        }
    }

    internal string MachineId() => machineId();

    private bool TryObject(BusCall call)
    {
        if (!objects.TryGetValue(call.Path, out BusObject? target))
        {
            return false;
        }

        foreach (BusInterface item in target.Interfaces)
        {
            if ((call.Interface is null || item.Name == call.Interface)
                && item.FindMethod(call.Member) is BusMethod method && method.InSignature == call.Signature)
            {
                call.Run(method, target.Target);
                return true;
            }
        }

        return false;
    }
}
