using ActorMD.Protocol.Coordination;

namespace ActorMD.Protocol.Tests;

/// <summary>The lengths of windows.</summary>
public class AdaptiveWindowsTests
{
    [Fact]
    public void Windows_grow_fast_until_the_first_cut_and_slowly_after_it()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        double[] lengths = new double[6];
        for (int k = 0; k < lengths.Length; k++)
        {
            lengths[k] = windows.NextLength();
            if (k == 3)
            {
                windows.Shortened(lengths[k], 0.8 * lengths[k]);
            }
            else
            {
                windows.Accepted(lengths[k], spareLayers: 4);
            }
        }

        const double Kept = 3.375 * 0.9 * 0.8;
        Assert.Equal([1, 1.5, 2.25, 3.375, Kept, 1.02 * Kept], lengths, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Windows_grow_slowly_where_false_histories_come_close_to_a_block()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Accepted(1, spareLayers: 1);
        Assert.Equal(1.003, windows.NextLength(), 1e-12);
        windows.Accepted(1.003, spareLayers: 2);
        Assert.Equal(1.003 * 1.02, windows.NextLength(), 1e-12);
    }

    [Fact]
    public void A_window_of_which_next_to_nothing_was_kept_does_not_make_the_next_ones_tiny()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Shortened(1, 1e-16);
        Assert.Equal(1 / 1.5, windows.NextLength(), 1e-12);
        windows.Shortened(1 / 1.5, 1e-16);
        Assert.Equal(0.8 / 1.5, windows.NextLength(), 1e-12);
    }

    [Fact]
    public void A_window_that_had_to_end_early_tells_nothing_about_longer_ones()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Accepted(1e-9, spareLayers: 4);
        Assert.Equal(1, windows.NextLength());
        windows.Shortened(1e-9, 0.9e-9);
        Assert.Equal(0.9 * 0.9, windows.NextLength(), 1e-12);
    }
}
