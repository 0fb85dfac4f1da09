// Whom a push is for, and whether somebody is one of them. Pure.

export interface Weights {
  region: number;
  interest: number;
  level: number;
  behaviour: number;
  priority: number;
  fresh: number;
}

export interface Settings {
  weights: Weights;
  region_attribute: string;
  interest_attribute: string;
  levels: string[];
  half_life_days: number;
}

/** Whom the pushes are for: one member. */
export interface Person {
  regions: string[];
  interests: string[];
  /** Those of the brand and those that scorers gave: levels and behaviour are among them. */
  labels: string[];
}

/** A push; each condition that is empty holds for everybody. */
export interface Push {
  regions: string[];
  interests: string[];
  /** The least level. */
  level: string;
  behaviours: string[];
  /** 0 to 10, by the brand. */
  priority: number;
  ageHours: number;
}

export const REASONS = ['地区相符', '兴趣相符', '等级相符', '行为相符', '运营优先级', '新鲜度'] as const;

export interface Judged {
  /** One number for each of REASONS. */
  points: number[];
  exclusion?: string;
  /** The segment in which the member gets it. */
  label?: string;
}

export function judge(push: Push, person: Person, { weights, ...settings }: Settings): Judged {
  const region = met(push.regions, person.regions);
  const interest = met(push.interests, person.interests);
  const behaviour = met(push.behaviours, person.labels);
  const level = atLeast(push.level, person.labels, settings.levels);
  const missing = [
    region === null && `仅面向地区：${push.regions.join('、')}`,
    interest === null && `仅面向兴趣：${push.interests.join('、')}`,
    level === null && `等级未到：${push.level}`,
    behaviour === null && `仅面向：${push.behaviours.join('、')}`,
  ].filter((reason) => reason !== false);
  const matched = [region, interest, level, behaviour].filter((word) => word);
  return {
    points: [
      region ? weights.region : 0,
      interest ? weights.interest : 0,
      level ? weights.level : 0,
      behaviour ? weights.behaviour : 0,
      rounded(weights.priority * Math.min(Math.max(push.priority || 0, 0), 10) / 10),
      rounded(weights.fresh * fresh(push.ageHours, settings.half_life_days)),
    ],
    exclusion: missing.length > 0 ? missing.join('；') : undefined,
    label: missing.length > 0 ? undefined : `人群：${matched.length > 0 ? matched.join('·') : '全部成员'}`,
  };
}

/** Which of the wanted words somebody has; empty when nothing is wanted, null when they have none. */
function met(wanted: string[], has: string[]): string | null {
  if (wanted.length === 0) return '';
  return wanted.find((word) => has.includes(word)) ?? null;
}

/** The level that somebody has, if it is the wanted one or higher; a level that is not in the list is a label like any. */
function atLeast(wanted: string, labels: string[], levels: string[]): string | null {
  if (wanted === '') return '';
  const least = levels.indexOf(wanted);
  if (least < 0) return labels.includes(wanted) ? wanted : null;
  return levels.slice(least).reverse().find((level) => labels.includes(level)) ?? null;
}

function fresh(ageHours: number, halfLifeDays: number): number {
  const days = Number.isNaN(ageHours) ? halfLifeDays : Math.max(ageHours, 0) / 24;
  return halfLifeDays / (halfLifeDays + days);
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}

/** Words of a text, between commas or line ends. */
export function words(text: string): string[] {
  return text.split(/[,，、\n]/).map((word) => word.trim()).filter((word) => word !== '');
}
