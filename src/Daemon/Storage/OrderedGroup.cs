using System.Collections.Generic;
using System.Globalization;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>Writes the keys of a group in the order in which they are named, as ConnMan has them; what is not named stays
/// where it is.</summary>
internal sealed class OrderedGroup(KeyFileDocument document, string group)
{
    private string? previous;

    /// <summary>True if something came out differently.</summary>
    public bool IsChanged { get; private set; }

    public void Set(string key, string value) => SetRaw(key, KeyFileEscapes.Escape(value));

    public void Set(string key, bool value) => SetRaw(key, value ? "true" : "false");

    public void Set(string key, long value) => SetRaw(key, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>As <see cref="SetOrRemove"/>, but it is no change worth a time stamp.</summary>
    public void SetQuietly(string key, string? value)
    {
        bool wasChanged = IsChanged;
        SetOrRemove(key, value);
        IsChanged = wasChanged;
    }

    /// <summary>Sets it, or removes it where there is nothing to say.</summary>
    public void SetOrRemove(string key, string? value)
    {
        if (value is null)
        {
            Remove(key);
        }
        else
        {
            Set(key, value);
        }
    }

    /// <summary>A list. One that was emptied stays as an empty value until the next time, as ConnMan leaves it.</summary>
    public void SetList(string key, IReadOnlyCollection<string> values)
    {
        bool hadSome = document.GetList(group, key) is { Count: > 0 };
        if (values.Count > 0 || hadSome)
        {
            SetRaw(key, values.Count == 0 ? "" : KeyFileEscapes.EscapeList(values, ';'));
        }
        else
        {
            Remove(key);
        }
    }

    public void SetIfAbsent(string key, string value)
    {
        if (document.Find(group, key) is null)
        {
            SetRaw(key, value);
        }

        previous = key;
    }

    /// <summary>Left as it is, if it is there.</summary>
    public void Keep(string key) => previous = document.Find(group, key) is null ? previous : key;

    public void Remove(string key) => IsChanged |= document.Remove(group, key);

    private void SetRaw(string key, string raw)
    {
        string? before = document.Find(group, key) is { } entry && entry.TryRaw(out string? value, out _) ? value : null;
        IsChanged |= before != raw;
        document.SetRaw(group, key, raw, previous);
        previous = key;
    }
}
