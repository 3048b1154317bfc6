using System;
using Spindle.DBus.Libdbus;
using Spindle.Fuzz.Targets;

namespace Spindle.DBus.Tests;

/// <summary>Our reading held against libdbus's.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Libdbus_reads_what_we_write()
    {
        Assert.True(Reference.TryRoundTrip(WireTests.Sample(), out byte[]? again));
        Assert.Equal(WireTests.Sample(), again);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fuzz_laws_hold_for_mutated_seeds(int seed)
    {
        Random random = new(seed);
        foreach (Spindle.Fuzz.FuzzTarget target in new[] { DBusMessageFuzz.Target, DBusTextFuzz.Target })
        {
            foreach (byte[] octets in target.Corpus)
            {
                target.Run(octets);
                for (int round = 0; round < 2000; round++)
                {
                    byte[] mutated = (byte[])octets.Clone();
                    for (int change = random.Next(1, 4); change > 0; change--)
                    {
                        mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                    }

                    try
                    {
                        target.Run(mutated);
                    }
                    catch (Exception exception)
                    {
                        throw new InvalidOperationException($"{target.Name}, seed {seed}: {Convert.ToHexString(mutated)}", exception);
                    }
                }
            }
        }
    }
}
