using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>
/// Whatever is done to a model file, reading and running it gives a result or a <see cref="SepalException"/>, soon, and in
/// bounded memory. <c>SEPAL_MUTANTS=20000</c> makes as many of each network; <c>SEPAL_MUTANTS_FROM</c> says with which seed
/// to begin.
/// </summary>
public sealed class MutantTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Networks => [.. Fixture.Names];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_mutant_gives_a_result_or_a_clear_error(string name)
    {
        byte[] honest = Fixture.Bytes(name);
        var mutator = new Mutator(honest);
        Assert.True(MutantRun.Try(honest), "The honest file must run.");
        int from = Setting("SEPAL_MUTANTS_FROM", 0);
        int count = Setting("SEPAL_MUTANTS", 100);
        int ran = 0;
        for (int seed = from; seed < from + count; seed++)
        {
            Note(name, seed);
            byte[] mutant = mutator.Mutate(seed);
            var watch = Stopwatch.StartNew();
            try
            {
                ran += MutantRun.Try(mutant) ? 1 : 0;
            }
#pragma warning disable CA1031 // Any other exception is the finding; it is reported with its seed.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Assert.Fail($"Mutant {seed} of {name}: {exception}");
            }

            Assert.True(watch.Elapsed < Patience, $"Mutant {seed} of {name} took {watch.Elapsed.TotalSeconds:0.0} s.");
        }

        // Mutants that are all refused at the door would test nothing but the door.
        Assert.InRange(ran, count / 20, count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} mutants of {name}: {ran} gave a result, {count - ran} an error.");
    }

    /// <summary>Leaves the seed where it can be found after a crash of the process.</summary>
    private static void Note(string name, int seed)
    {
        if (Environment.GetEnvironmentVariable("SEPAL_MUTANTS_LOG") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{name} {seed}\n");
        }
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
