using Sepal.Cli.Comparison;
using Xunit;

namespace Sepal.Tests.Cli.Comparison;

public sealed class FindingsTests
{
    [Fact]
    public void The_verdict_is_one_sentence_of_this_runs_figures() =>
        Assert.Equal(
            "Separable convolutions take 7.6 times fewer parameters and 7.8 times fewer multiply-adds, and test accuracy is 1.78 points "
            + "below standard's; with the parameters spent on depth instead, accuracy is 0.11 points above standard's.",
            SampleComparison.Make().Verdict);

    [Fact]
    public void The_summary_says_what_was_saved_and_what_it_cost()
    {
        string summary = SampleComparison.Make().Summary;

        Assert.Contains("need 2,473 parameters instead of 18,816 (7.6 times fewer)", summary, StringComparison.Ordinal);
        Assert.Contains("103,114 are in its dense layers, which stay", summary, StringComparison.Ordinal);
        Assert.Contains("It trains 1.25 times faster than standard (49.1 s against 61.4 s)", summary, StringComparison.Ordinal);
        Assert.Contains("from 98.91 % to 97.13 % of the test images, 178 more mistakes in 10,000", summary, StringComparison.Ordinal);
        Assert.Contains("The first layer is what costs it: its images have a single channel", summary, StringComparison.Ordinal);
        Assert.Contains("(mobile, +247 parameters), accuracy is 98.62 %", summary, StringComparison.Ordinal);
        Assert.Contains("give 99.02 %, more than standard's 98.91 %; it trains 1.92 times slower than standard", summary, StringComparison.Ordinal);
        Assert.Contains("differences below about 0.29 points of accuracy may be chance", summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.3, "It trains 1.30 times slower than standard", "fewer multiply-adds did not make it faster here")]
    [InlineData(1.0, "It trains about as fast as standard", "fewer multiply-adds did not make it faster here")]
    [InlineData(0.5, "It trains 2.00 times faster than standard", "less is gained than the multiply-adds suggest")]
    [InlineData(0.1, "It trains 10.00 times faster than standard", "as the multiply-adds suggest")]
    public void Says_so_when_time_did_not_improve(double time, string training, string moral)
    {
        string summary = SampleComparison.Make(separableTime: time).Summary;

        Assert.Contains(training, summary, StringComparison.Ordinal);
        Assert.Contains(moral, summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9891, 0.9862, "Separability cost no accuracy: both get 98.91 %")]
    [InlineData(0.9900, 0.9862, "Separability cost no accuracy: from 98.91 % to 99.00 % of the test images, 9 fewer mistakes")]
    [InlineData(0.9713, 0.9750, "The first layer is part of the cost")]
    [InlineData(0.9713, 0.9713, "did not help in this run: 97.13 %")]
    [InlineData(0.9900, 0.9950, "A standard first convolution, as MobileNet has it (mobile, +247 parameters), makes it 99.50 %")]
    public void Blames_the_first_layer_only_as_far_as_the_figures_do(double separable, double mobile, string sentence) =>
        Assert.Contains(sentence, SampleComparison.Make(separable, mobile).Summary, StringComparison.Ordinal);

    [Fact]
    public void Distrusts_training_times_when_equal_epochs_took_unequal_time()
    {
        ComparisonResult calm = SampleComparison.Make();
        NetworkResult mobile = calm.Networks[2];
        NetworkResult disturbed = mobile with { Epochs = mobile.Epochs.SetItem(3, mobile.Epochs[3] with { Seconds = 50 }) };
        ComparisonResult busy = calm with { Networks = calm.Networks.SetItem(2, disturbed) };

        Assert.DoesNotContain("busy", calm.Summary, StringComparison.Ordinal);
        Assert.Contains("Epochs of the mobile network took between 10.4 s and 50.0 s", busy.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_comparison_says_what_is_missing()
    {
        ComparisonResult whole = SampleComparison.Make();
        ComparisonResult two = whole with { Complete = false, Networks = whole.Networks[..2] };
        ComparisonResult one = whole with { Complete = false, Networks = whole.Networks[..1] };

        Assert.EndsWith("The run was interrupted: networks are missing.", two.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("mobile", two.Summary, StringComparison.Ordinal);
        Assert.Contains("before there were two networks to compare", one.Summary, StringComparison.Ordinal);
    }
}
