using System.Text.Json;
using System.Text.Json.Serialization;
using Sepal.Cli.Comparison;
using Sepal.Cli.Costs;
using Sepal.Cli.Shrinking;
using Sepal.Cli.Training;
using Sepal.Cli.Verbs;

namespace Sepal.Cli;

/// <summary>How every report becomes JSON; generated at build time, so that nothing is lost to trimming.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CostReport))]
[JsonSerializable(typeof(ComparisonResult))]
[JsonSerializable(typeof(DifferenceReport))]
[JsonSerializable(typeof(EvaluateReport))]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(MeasuredReport))]
[JsonSerializable(typeof(ModelCostReport))]
[JsonSerializable(typeof(PredictReport))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(ShrinkReport))]
[JsonSerializable(typeof(SideBySideReport))]
[JsonSerializable(typeof(SymbolicCostReport))]
[JsonSerializable(typeof(TrainReport))]
[JsonSerializable(typeof(TrainingSettings))]
[JsonSerializable(typeof(WhatIfReport))]
internal sealed partial class CliJson : JsonSerializerContext;
