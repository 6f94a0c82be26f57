"""Shares of bodies, schools, classes and teachers for which something was done: 100 * done / all that exist.

Each keeps its own name so that numerator and denominator are stated once; what is excluded stands with it.
"""

from __future__ import annotations

from typing import Any

from vetanalysis.indicators.rates import percentage


def units_with_plan_share(issued: Any, must_issue: Any) -> Any:
    """100 * units that issued their plan and assignment / units that the plan asks for one."""
    return percentage(issued, must_issue)


def communes_with_targets_share(with_targets: Any, communes: Any) -> Any:
    """100 * communes, wards and townships given targets / all that exist on the day of the cut-off."""
    return percentage(with_targets, communes)


def equipment_reviewed_share(reviewed: Any, institutions: Any) -> Any:
    """100 * institutions that reviewed their equipment / all institutions."""
    return percentage(reviewed, institutions)


def equipment_use_rate(hours_used: Any, hours_available: Any) -> Any:
    """100 * hours in which the equipment was used / hours in which it was available."""
    return percentage(hours_used, hours_available)


def capacity_use_rate(enrolled: Any, licensed_intake: Any) -> Any:
    """100 * people newly enrolled since the year began / licensed yearly intake."""
    return percentage(enrolled, licensed_intake)


def inspected_share(inspected: Any, institutions: Any) -> Any:
    """100 * institutions inspected at least once / all institutions; a second visit does not count again."""
    return percentage(inspected, institutions)


def violations_fixed_share(carried_out: Any, recommendations: Any) -> Any:
    """100 * recommendations carried out / all recommendations."""
    return percentage(carried_out, recommendations)


def farm_classes_supervised_share(supervised: Any, opened: Any) -> Any:
    """100 * farm-trade classes checked / farm-trade classes opened."""
    return percentage(supervised, opened)


def schools_with_guidance_share(with_guidance: Any, schools: Any) -> Any:
    """100 * schools with guidance tied to vocational institutions / all lower and upper secondary schools."""
    return percentage(with_guidance, schools)


def teachers_to_standard_share(to_standard: Any, teachers: Any) -> Any:
    """100 * teachers who meet the standard / all teachers."""
    return percentage(to_standard, teachers)


def teachers_digital_share(trained: Any, teachers: Any) -> Any:
    """100 * teachers trained in digital skills / all teachers."""
    return percentage(trained, teachers)


def online_modules_share(online: Any, modules: Any) -> Any:
    """100 * modules taught online / all modules."""
    return percentage(online, modules)


def farm_labour_share(farm_workers: Any, employed: Any) -> Any:
    """100 * workers in farming, forestry and fishing / all employed; broken by the concept of 2021."""
    return percentage(farm_workers, employed)


def unemployment_rate(unemployed: Any, labour_force: Any) -> Any:
    """100 * unemployed / labour force, of working age; broken by the concept of 2021."""
    return percentage(unemployed, labour_force)
