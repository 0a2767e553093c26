namespace ActorMD.Protocol.Tests;

/// <summary>The lengths of windows.</summary>
public class AdaptiveWindowsTests
{
    [Fact]
    public void Windows_double_until_the_first_cut_and_grow_slowly_after_it()
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
                windows.Accepted(lengths[k]);
            }
        }

        Assert.Equal([1, 2, 4, 8, 8 * 0.85 * 0.8, 8 * 0.85 * 0.8 * 1.005], lengths);
    }

    [Fact]
    public void Windows_grow_faster_when_many_in_a_row_were_accepted()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Shortened(1, 0.5);
        for (int k = 0; k < 100; k++)
        {
            windows.Accepted(windows.NextLength());
        }

        Assert.Equal(0.5 * Math.Pow(1.005, 20) * Math.Pow(1.05, 80), windows.NextLength(), 1e-9);
    }

    [Fact]
    public void A_window_of_which_next_to_nothing_was_kept_does_not_make_the_next_ones_tiny()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Shortened(1, 1e-16);
        Assert.Equal(0.5, windows.NextLength());
        windows.Shortened(0.5, 1e-16);
        Assert.Equal(0.4, windows.NextLength(), 1e-12);
    }

    [Fact]
    public void A_window_that_had_to_end_early_tells_nothing_about_longer_ones()
    {
        AdaptiveWindows windows = new(epochLength: 4096);
        windows.Accepted(1e-9);
        Assert.Equal(1, windows.NextLength());
        windows.Shortened(1e-9, 0.9e-9);
        Assert.Equal(0.85 * 0.9, windows.NextLength(), 1e-12);
    }
}
