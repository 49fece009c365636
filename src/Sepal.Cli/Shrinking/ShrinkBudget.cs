using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Sepal.Cli.Costs;
using Sepal.Cli.Framework;
using Sepal.Costs;
using Sepal.Shrinking;

namespace Sepal.Cli.Shrinking;

/// <summary>The options that say what a network is to be shrunk to.</summary>
internal sealed class ShrinkBudget
{
    private readonly Option<double?> _drop = OptionParsers.OptionalNumber(
        "--max-accuracy-drop",
        "How much accuracy may be lost, 0.01 is one point; 0.01 where no other limit is given.",
        "a number from 0 to 1",
        value => value is >= 0 and <= 1);

    private readonly Option<(long? Count, double? Share)> _macs = Limit("--max-macs", "The most MACs for one image, or a share of the model's.");
    private readonly Option<(long? Count, double? Share)> _parameters = Limit("--max-params", "The most parameters, or a share of the model's.");

    private readonly Option<double?> _speedUp = OptionParsers.OptionalNumber(
        "--speed-up", "How many times as fast the network is to become, measured on this machine.", "a number above 1", value => value > 1);

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_drop, _macs, _parameters, _speedUp];

    /// <summary>Reads the options.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="cost">What the model costs, for shares of it.</param>
    /// <returns>The limits.</returns>
    public ShrinkOptions Options(ParseResult arguments, ModelCost cost)
    {
        var options = new ShrinkOptions
        {
            MaximumAccuracyDrop = arguments.GetValue(_drop),
            MaximumMultiplyAccumulates = Count(arguments, _macs, cost.MultiplyAccumulates),
            MaximumParameters = Count(arguments, _parameters, cost.TotalParameters),
            SpeedUp = arguments.GetValue(_speedUp),
        };
        bool isAsked = All.Any(option => arguments.GetResult(option) is not null);
        return isAsked ? options : options with { MaximumAccuracyDrop = ShrinkOptions.DefaultAccuracyDrop };
    }

    private static long? Count(ParseResult arguments, Option<(long? Count, double? Share)> option, long whole)
    {
        if (arguments.GetResult(option) is null)
        {
            return null;
        }

        (long? count, double? share) = arguments.GetValue(option);
        return count ?? Math.Max(1, (long)Math.Floor(share!.Value * whole));
    }

    private static Option<(long? Count, double? Share)> Limit(string name, string description) => OptionParsers.Create(
        name,
        description,
        "N|N%",
        "a number of at least 1, with K, M, G or T for its multiples (30M), or a share above 0% and up to 100% (20%)",
        (string text, out (long? Count, double? Share) limit) =>
        {
            if (text.EndsWith('%'))
            {
                bool isShare = double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
                    && percent is > 0 and <= 100;
                limit = (null, percent / 100);
                return isShare;
            }

            bool isCount = Quantities.TryCount(text, out long count);
            limit = (count, null);
            return isCount;
        });
}
