using System.Collections.Generic;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>An element that may be drawn in many ways, and be damaged before.</summary>
internal sealed class Sketch(string name)
{
    public string Name { get; set; } = name;

    public List<(string Name, string Value)> Attributes { get; } = [];

    public List<Sketch> Children { get; } = [];

    /// <summary>Stands behind the children.</summary>
    public string Text { get; set; } = "";

    public Sketch With(string attribute, string? value)
    {
        if (value is not null)
        {
            Attributes.Add((attribute, value));
        }

        return this;
    }

    public Sketch Copy()
    {
        Sketch copy = new(Name) { Text = Text };
        copy.Attributes.AddRange(Attributes);
        copy.Children.AddRange(Children.ConvertAll(child => child.Copy()));
        return copy;
    }

    /// <summary>This one and all below it.</summary>
    public List<Sketch> All()
    {
        List<Sketch> all = [this];
        foreach (Sketch child in Children)
        {
            all.AddRange(child.All());
        }

        return all;
    }
}
