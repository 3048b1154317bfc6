namespace Spindle.Bench.Rpc.Tests;

public sealed class LatenciesTests
{
    [Fact]
    public void Quantiles_of_a_hundred()
    {
        Latencies latencies = new();
        for (int i = 100; i > 0; i--)
        {
            latencies.Add(i);
        }

        Assert.Equal(51, latencies.Quantile(.5));
        Assert.Equal(100, latencies.Quantile(.99));
        Assert.Equal(1, latencies.Quantile(0));
        latencies.Clear();
        Assert.Equal(0, latencies.Quantile(.5));
    }
}
