using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>An interface described once, for every object that has it. <see cref="BusInterface{T}"/> makes one.</summary>
public abstract class BusInterface
{
    private readonly Dictionary<string, BusMethod> methods = [];
    private readonly List<BusMethod> methodOrder = [];
    private readonly List<BusSignal> signals = [];
    private readonly List<BusProperty> properties = [];

    private protected BusInterface(string name) =>
        Name = BusNames.IsInterface(name) ? name : throw new ArgumentException($"'{name}' is not an interface's name.");

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its methods in the order they were described.</summary>
    public IReadOnlyList<BusMethod> Methods => methodOrder;

    /// <summary>Its signals in the order they were described.</summary>
    public IReadOnlyList<BusSignal> Signals => signals;

    /// <summary>Properties that introspection shows; Get and GetAll may know more.</summary>
    public IReadOnlyList<BusProperty> Properties => properties;

    /// <summary>True if org.freedesktop.DBus.Properties answers for it.</summary>
    public bool HasProperties => PropertiesWriter is not null;

    internal Action<object, BusWriter>? PropertiesWriter { get; private protected set; }

    internal Action<object, BusCall, string, BusValue>? PropertySetter { get; private protected set; }

    /// <summary>Finds a method by its name.</summary>
    public BusMethod? FindMethod(string name) => methods.GetValueOrDefault(name);

    /// <summary>Finds a signal by its name.</summary>
    public BusSignal? FindSignal(string name) => signals.Find(signal => signal.Name == name);

    internal abstract void CheckTarget(object target);

    private protected void Add(BusMethod method)
    {
        methods.Add(method.Name, method);
        methodOrder.Add(method);
    }

    private protected void Add(BusSignal signal) => signals.Add(signal);

    private protected void Add(BusProperty property) => properties.Add(property);
}

/// <summary>Describes an interface of objects that <typeparamref name="T"/> stands for.</summary>
/// <param name="name">The interface's name.</param>
public sealed class BusInterface<T>(string name) : BusInterface(name)
    where T : class
{
    /// <summary>Adds a method. The handler answers the call, or keeps it with <see cref="BusCall.TryDefer"/>.</summary>
    public BusInterface<T> Method(
        string member, BusArgument[] arguments, Action<T, BusCall> handler, BusMethodFlags flags = BusMethodFlags.None)
    {
        Add(new BusMethod(member, arguments, (target, call) => handler((T)target, call), flags));
        return this;
    }

    /// <summary>Adds a signal.</summary>
    public BusInterface<T> Signal(string member, params BusArgument[] arguments)
    {
        Add(new BusSignal(member, arguments));
        return this;
    }

    /// <summary>Adds a property to what introspection shows.</summary>
    public BusInterface<T> Property(string property, string signature, bool isWritable = false)
    {
        if (!BusNames.IsMember(property) || !BusSignature.IsSingle(signature))
        {
            throw new ArgumentException($"No property is called '{property}' with type '{signature}'.");
        }

        Add(new BusProperty(property, signature, isWritable));
        return this;
    }

    /// <summary>Lets org.freedesktop.DBus.Properties answer for this interface.</summary>
    /// <param name="write">Writes the entries of an <c>a{sv}</c> that is already open: all properties there are now.</param>
    /// <param name="set">Sets one and answers the call, or keeps it; null = every property is read-only.</param>
    public BusInterface<T> WithProperties(Action<T, BusWriter> write, Action<T, BusCall, string, BusValue>? set = null)
    {
        PropertiesWriter = (target, writer) => write((T)target, writer);
        PropertySetter = set is null ? null : (target, call, property, value) => set((T)target, call, property, value);
        return this;
    }

    internal override void CheckTarget(object target)
    {
        if (target is not T)
        {
            throw new ArgumentException($"{Name} is for {typeof(T).Name}, not {target.GetType().Name}.");
        }
    }
}
